using System.Runtime.InteropServices;
using System.Text;
using EdgeBench.Backends.LlamaCpp;

namespace EdgeBench.Backends.Tests.LlamaCpp;

/// <summary>llama.cpp's own tokenizer for a GGUF file, loaded without weights.</summary>
internal sealed unsafe class LlamaVocabulary : IDisposable
{
    private readonly LlamaCppApi _api;
    private readonly nint _model;
    private readonly nint _vocabulary;

    public LlamaVocabulary(string path)
    {
        LlamaCppFixture.RequireLibrary();
        _api = LlamaCppLibrary.Load(LlamaCppFolder.Chosen(new LlamaCppOptions())).Api;
        LlamaModelParams parameters = _api.ModelDefaults();
        parameters.VocabOnly = 1;
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        _model = _api.ModelLoad((byte*)text, parameters);
        Marshal.FreeCoTaskMem(text);
        Assert.True(_model != 0, $"llama.cpp does not load {path}: {LlamaCppLog.LastProblems()}");
        _vocabulary = _api.ModelVocabulary(_model);
    }

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        // More than one token for each byte cannot come of it, beside those that are added.
        int[] tokens = new int[(2 * bytes.Length) + 8];
        fixed (byte* from = bytes)
        fixed (int* to = tokens)
        {
            byte none = 0;
            int count = _api.Tokenize(_vocabulary, from is null ? &none : from, bytes.Length, to, tokens.Length, addSpecial ? (byte)1 : (byte)0, parseSpecial ? (byte)1 : (byte)0);
            Assert.InRange(count, 0, tokens.Length);
            return tokens[..count];
        }
    }

    public void Dispose() => _api.ModelFree(_model);
}
