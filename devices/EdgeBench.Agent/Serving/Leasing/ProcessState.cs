namespace EdgeBench.Agent.Serving.Leasing;

/// <summary>What tells one process from another that later has its number, and whether it runs at all (proc(5), <c>stat</c>).</summary>
/// <param name="StartedAt">Clock ticks since boot.</param>
/// <param name="Runs">Neither stopped, by a signal or a debugger, nor ended and on its way out.</param>
internal readonly record struct ProcessState(long StartedAt, bool Runs)
{
    /// <summary>Null where there is no such process.</summary>
    public static ProcessState? Of(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            // The command's name is in parentheses and may hold blanks; the state follows the last one.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessState(long.Parse(fields[19]), fields[0] is not ("T" or "t" or "Z" or "X"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
