using System.Globalization;
using System.Text;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Compression.Calibration;

/// <summary>A calibration file as a pass reads it: valid UTF-8 from an offset on.</summary>
public static class CalibrationText
{
    // A text that is read, tokenised and mostly thrown away; what calibrates is a few hundred kilobytes.
    private const long LongestBytes = 1 << 30;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where the file cannot be read, is no UTF-8 behind the offset, or is too short.</summary>
    /// <param name="offset">Bytes to leave out at the start, such as those that the model is scored on; a character is not split.</param>
    public static CalibrationTokens Read(DataFile file, long offset, ITokenizer tokenizer, int sequences, int length)
    {
        ArgumentNullException.ThrowIfNull(file);
        return CalibrationTokens.Of(Text(file.Path, offset), tokenizer, sequences, length, file.Path);
    }

    /// <summary>What was read, for the artifact's history.</summary>
    public static IReadOnlyDictionary<string, string> Facts(DataFile file, long offset, CalibrationTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(tokens);
        return new Dictionary<string, string>
        {
            [TextOrigin.CalibrationSha256] = file.Sha256,
            [TextOrigin.CalibrationFirstByte] = offset.ToString(CultureInfo.InvariantCulture),
            [TextOrigin.CalibrationTokens] = tokens.Count.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static string Text(string path, long offset)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (offset < 0 || offset >= stream.Length)
                throw EdgeBenchException.BadInput($"calibration_offset {offset}", $"a byte of a file of {stream.Length} bytes", "Lower it.", path);
            if (stream.Length - offset > LongestBytes)
                throw EdgeBenchException.BadInput($"the calibration text has {stream.Length} bytes", $"at most {LongestBytes} behind the offset", "Give a part of it.", path);
            byte[] bytes = new byte[stream.Length - offset];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(Continuation(bytes, offset)));
        }
        catch (DecoderFallbackException error)
        {
            throw EdgeBenchException.BadInput($"the calibration text is no UTF-8: byte {offset + error.Index} starts no valid character", "UTF-8", "Convert the file.", path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"the calibration text cannot be read: {error.Message}", "a readable file", path: path);
        }
    }

    // The rest of a character that begins before the offset.
    private static int Continuation(ReadOnlySpan<byte> bytes, long offset)
    {
        int skipped = 0;
        while (offset > 0 && skipped < Math.Min(3, bytes.Length) && (bytes[skipped] & 0xC0) == 0x80) skipped++;
        return skipped;
    }
}
