using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>A loaded model: weights and vocabulary.</summary>
internal sealed unsafe class LlamaCppModel : IDisposable
{
    private readonly LlamaCppApi _api;
    private readonly string _architecture;

    private LlamaCppModel(LlamaCppApi api, nint handle)
    {
        _api = api;
        Handle = handle;
        Vocabulary = api.ModelVocabulary(handle);
        _architecture = Metadata("general.architecture") ?? "";
    }

    /// <summary><c>llama_model *</c>.</summary>
    public nint Handle { get; private set; }

    /// <summary><c>llama_vocab *</c>.</summary>
    public nint Vocabulary { get; }

    public string Description
    {
        get
        {
            byte* buffer = stackalloc byte[256];
            _api.ModelDescription(Handle, buffer, 256);
            return LlamaCppApi.Text(buffer);
        }
    }

    /// <summary>Loads weights onto the CPU. Throws <see cref="TrialException"/>.</summary>
    public static LlamaCppModel Load(LlamaCppApi api, string path, bool mmap)
    {
        LlamaModelParams parameters = api.ModelDefaults();
        parameters.GpuLayers = 0;
        parameters.LoadMode = mmap ? 1 : 0;
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            nint handle = api.ModelLoad((byte*)text, parameters);
            if (handle == 0) throw LlamaCppFailures.Load(path, LlamaCppLog.LastProblems());
            LlamaCppModel model = new(api, handle);
            if (api.ModelHasDecoder(handle) != 0) return model;
            model.Dispose();
            throw new TrialException(FailureKind.Unsupported, $"'{path}' has no decoder, so it generates no tokens", "Use a decoder model.");
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>An integer of the file's metadata by its name after the architecture's, or null.</summary>
    public long? Number(string key) =>
        long.TryParse(Metadata($"{_architecture}.{key}"), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    public int[] Tokenize(string text, bool special)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int[] tokens = new int[bytes.Length + 8];
        int count = Tokenize(bytes, tokens, special);
        if (count < 0)
        {
            if (count == int.MinValue) throw new TrialException(FailureKind.Unsupported, $"A text of {bytes.Length} bytes has more tokens than llama.cpp can count");
            tokens = new int[-count];
            count = Tokenize(bytes, tokens, special);
        }
        return tokens[..count];
    }

    /// <summary>The text of tokens; the library leaves control tokens out.</summary>
    public string Detokenize(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty) return "";
        byte[] text = new byte[16 * tokens.Length];
        int count = Detokenize(tokens, text);
        if (count < 0)
        {
            text = new byte[-count];
            count = Detokenize(tokens, text);
        }
        return Encoding.UTF8.GetString(text, 0, count);
    }

    /// <summary>Every token that the library takes for the end of a generation.</summary>
    public IReadOnlyList<int> EndsOfText()
    {
        List<int> ends = [];
        for (int token = 0, count = _api.VocabularySize(Vocabulary); token < count; token++)
        {
            if (_api.VocabularyEnds(Vocabulary, token) != 0) ends.Add(token);
        }
        return ends;
    }

    public void Dispose()
    {
        if (Handle != 0) _api.ModelFree(Handle);
        Handle = 0;
    }

    // As llama.cpp's tools read a text: words that look like control tokens are plain text.
    private int Tokenize(byte[] text, int[] tokens, bool special)
    {
        fixed (byte* from = text)
        fixed (int* to = tokens)
        {
            byte none = 0;
            return _api.Tokenize(Vocabulary, from is null ? &none : from, text.Length, to, tokens.Length, special ? (byte)1 : (byte)0, 0);
        }
    }

    private int Detokenize(ReadOnlySpan<int> tokens, byte[] text)
    {
        fixed (int* from = tokens)
        fixed (byte* to = text) return _api.Detokenize(Vocabulary, from, tokens.Length, to, text.Length, 0, 0);
    }

    /// <summary>A value of the file's metadata as text, cut after 255 bytes, or null.</summary>
    public string? Metadata(string key)
    {
        byte* buffer = stackalloc byte[256];
        nint text = Marshal.StringToCoTaskMemUTF8(key);
        try
        {
            return _api.ModelMetadata(Handle, (byte*)text, buffer, 256) < 0 ? null : LlamaCppApi.Text(buffer);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}
