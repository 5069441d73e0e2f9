using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Suites.Perplexity;

/// <summary>A text as its bytes stand: valid UTF-8, nothing normalised, byte-order mark and line ends included.</summary>
/// <param name="Sha256">Of the file's bytes.</param>
/// <param name="Bytes">Of the file.</param>
internal sealed record TextFile(string Text, string Sha256, int Bytes)
{
    /// <summary>The text that a trial's parameters name. Throws <see cref="TrialException"/>.</summary>
    /// <param name="written">As in the parameters.</param>
    public static TextFile Of(TrialRequest request, string written) => request.Data.TryGetValue(written, out DataFile? file) ? Read(file.Path)
        : throw new TrialException(FailureKind.MissingArtifact, $"The request does not say where the text '{written}' is", "List the text under 'data'.");

    /// <summary>Throws <see cref="TrialException"/> with the first offending byte's offset.</summary>
    public static TextFile Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrialException(new TrialFailure(FailureKind.MissingArtifact, $"The text '{path}' cannot be read: {exception.Message}", "Give a text file that is there."), exception);
        }
        if (!Utf8.IsValid(bytes))
        {
            throw new TrialException(FailureKind.Unsupported, $"The text '{path}' is no UTF-8: byte {FirstInvalid(bytes)} (0-based) starts no valid character",
                "Convert the file to UTF-8.");
        }
        return new(Encoding.UTF8.GetString(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }
}
