using System.Text;

namespace EdgeBench.Devices.Power.Tools;

/// <summary>Lines of a stream that is not trusted: one that is longer than the limit is cut off and told as null.</summary>
internal static class LineReader
{
    public const int MaxBytes = 16 * 1024;

    /// <summary>Calls <paramref name="line"/> for each line to the end of the stream; what stands after the last line end is cut short, and no line.</summary>
    public static async Task ReadAsync(Stream stream, Action<string?> line, CancellationToken cancellation)
    {
        byte[] buffer = new byte[MaxBytes];
        int kept = 0;
        bool skipping = false;
        int read;
        while ((read = await stream.ReadAsync(buffer.AsMemory(kept), cancellation).ConfigureAwait(false)) > 0)
        {
            int end = kept + read, start = 0;
            for (int i = kept; i < end; i++)
            {
                if (buffer[i] != (byte)'\n') continue;
                if (!skipping) line(Encoding.UTF8.GetString(buffer, start, i - start).TrimEnd('\r'));
                skipping = false;
                start = i + 1;
            }
            kept = end - start;
            if (kept == buffer.Length)
            {
                if (!skipping) line(null);
                skipping = true;
                kept = 0;
            }
            else
            {
                Buffer.BlockCopy(buffer, start, buffer, 0, kept);
            }
        }
    }
}
