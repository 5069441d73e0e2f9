using System.Diagnostics;

namespace EdgeBench.Agent.Tests;

/// <summary>Looks at processes from outside.</summary>
internal static class Processes
{
    public static int[] ChildrenOf(int process)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{process}/task")
                .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(int.Parse)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    public static bool HasThread(int process, string name)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process}/task").Any(thread => File.ReadAllText(Path.Combine(thread, "comm")).Trim() == name);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Gone, or a zombie that only its parent can bury (an orphan's new parent is not ours to judge).</summary>
    public static bool IsGone(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'Z';
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static void Kill(int process)
    {
        using Process target = Process.GetProcessById(process);
        target.Kill();
    }

    /// <summary>Sends a signal by its name without SIG.</summary>
    public static void Signal(int process, string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, process.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Waits until something holds; fails the test with <paramref name="what"/> otherwise.</summary>
    public static async Task UntilAsync(Func<bool> holds, double seconds, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"{what}: not within {seconds} s");
            await Task.Delay(10);
        }
    }
}
