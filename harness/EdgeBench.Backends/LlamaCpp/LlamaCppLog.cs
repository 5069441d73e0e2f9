using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>
/// Takes what the library logs, so that nothing reaches standard output or error. Warnings and errors are kept (the last
/// <see cref="KeptProblems"/>); everything else only while a session opens, because some of what took effect is said nowhere else.
/// </summary>
internal static unsafe class LlamaCppLog
{
    private const int KeptProblems = 64, KeptLines = 4096, LineLength = 400;

    // enum ggml_log_level
    private const int Info = 2, Warning = 3, Error = 4, Continuation = 5;

    private static readonly Lock s_lock = new();
    private static readonly Queue<string> s_problems = new();
    private static List<string>? s_recording;
    private static int s_level;

    public static delegate* unmanaged[Cdecl]<int, byte*, void*, void> Callback => &Receive;

    /// <summary>Starts to keep every line and forgets older warnings and errors.</summary>
    public static void Record()
    {
        lock (s_lock)
        {
            s_problems.Clear();
            s_recording = [];
        }
    }

    /// <summary>Ends <see cref="Record"/>: the lines since then.</summary>
    public static IReadOnlyList<string> Recorded()
    {
        lock (s_lock)
        {
            List<string> lines = s_recording ?? [];
            s_recording = null;
            return lines;
        }
    }

    /// <summary>The last warnings and errors, oldest first, joined for a failure message.</summary>
    public static string LastProblems(int lines = 3)
    {
        lock (s_lock) return string.Join("; ", s_problems.TakeLast(lines));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(int level, byte* text, void* user)
    {
        if (level < Info) return;
        lock (s_lock)
        {
            if (level != Continuation) s_level = level;
            else if (s_level < Info) return;
            if (s_recording is null && s_level is not (Warning or Error)) return;
            foreach (string line in Printable(LlamaCppApi.Text(text)).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Keep(line.Trim());
        }
    }

    private static void Keep(string line)
    {
        if (line.Length == 0) return;
        if (line.Length > LineLength) line = line[..LineLength] + " …";
        if (s_recording is { Count: < KeptLines }) s_recording.Add(line);
        if (s_level is not (Warning or Error)) return;
        if (s_problems.Count == KeptProblems) s_problems.Dequeue();
        s_problems.Enqueue(line);
    }

    // A hostile file's strings come through here: no escape sequence may reach a terminal.
    private static string Printable(string text) =>
        string.Create(text.Length, text, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++) target[i] = char.IsControl(source[i]) && source[i] != '\n' ? ' ' : source[i];
        });
}
