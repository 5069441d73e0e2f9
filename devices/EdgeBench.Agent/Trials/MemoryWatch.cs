using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Agent.Trials;

/// <summary>Watches the resident memory of a process from outside, ten times a second: microseconds of one core, none of the process's own.</summary>
internal static class MemoryWatch
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Returns the resident bytes once they exceed <paramref name="limit"/>, or null when the process has ended or the watch was cancelled.
    /// A limit on address space (RLIMIT_AS, RLIMIT_DATA) would count what a runtime reserves and never touches, so the pages themselves are counted.
    /// </summary>
    public static async Task<long?> UntilExceededAsync(int process, long limit, CancellationToken cancellation)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle($"/proc/{process}/statm");
            using PeriodicTimer timer = new(s_period);
            byte[] buffer = new byte[128];
            do
            {
                int read = RandomAccess.Read(file, buffer, 0);
                // Size and resident set, both in pages (proc(5)).
                string[] fields = Encoding.ASCII.GetString(buffer, 0, read).Split(' ');
                if (fields.Length < 2 || !long.TryParse(fields[1], CultureInfo.InvariantCulture, out long pages)) return null;
                if (pages * Environment.SystemPageSize is var resident && resident > limit) return resident;
            }
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // The process, and its file with it, is gone; or nobody wants to know any more.
        }
        return null;
    }
}
