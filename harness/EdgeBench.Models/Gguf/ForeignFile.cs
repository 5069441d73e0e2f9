using System.Buffers.Binary;
using System.Text;

namespace EdgeBench.Models.Gguf;

/// <summary>Says what a file that is no GGUF looks like, so that a user sees at once which mistake it was.</summary>
internal static class ForeignFile
{
    private static readonly (string Start, string Name, string Remedy)[] s_signatures =
    [
        ("PK\u0003\u0004", "a ZIP archive (perhaps a PyTorch checkpoint)", "Convert it to GGUF, or unpack the GGUF file from it."),
        ("\u001f\u008b", "gzip-compressed data", "Unpack it first."),
        ("lmgg", "a GGML file from before GGUF", "Convert it to GGUF with llama.cpp's scripts."),
        ("tjgg", "a GGJT file from before GGUF", "Convert it to GGUF with llama.cpp's scripts."),
        ("version https://git-lfs", "a Git LFS pointer, not the file itself", "Fetch the file with 'git lfs pull'."),
        ("\u007fELF", "a program or library", "Give the model's file."),
        ("%PDF", "a PDF document", "Give the model's file."),
    ];

    /// <param name="start">The file's first bytes, up to a few hundred.</param>
    public static (string Found, string Remedy) Describe(ReadOnlySpan<byte> start, long fileBytes)
    {
        string latin = Encoding.Latin1.GetString(start);
        foreach ((string signature, string name, string remedy) in s_signatures)
        {
            if (latin.StartsWith(signature, StringComparison.Ordinal)) return (name, remedy);
        }
        string trimmed = latin.TrimStart();
        if (trimmed.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || trimmed.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return ("an HTML page (perhaps an error page saved by a download)", "Fetch the file itself, not the page that shows it.");
        if (start.Length > 9 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)fileBytes)
            return ("a safetensors file", "Convert it to GGUF with llama.cpp's convert_hf_to_gguf.py.");
        if (IsText(start)) return ($"a text file that starts {GgufErrors.Quoted(trimmed.Split('\n')[0].TrimEnd())}", "Give the model's file.");
        return ($"a file that starts with the bytes {Convert.ToHexStringLower(start[..Math.Min(8, start.Length)])}", "Give a GGUF file.");
    }

    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (byte value in start)
        {
            if (value is < 9 or (> 13 and < 32) or 127) return false;
        }
        // The sample may end inside a letter of up to four bytes.
        for (int cut = 0; cut < 4 && cut < start.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(start[..^cut])) return true;
        }
        return false;
    }
}
