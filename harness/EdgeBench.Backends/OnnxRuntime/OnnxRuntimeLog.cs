using Microsoft.ML.OnnxRuntime;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>Takes what the library logs, so that nothing reaches standard output or error; the last warnings and errors are kept for messages.</summary>
internal static class OnnxRuntimeLog
{
    private const int Kept = 32, LineLength = 400;

    private static readonly Queue<string> s_lines = new();
    private static readonly Lock s_lock = new();

    // Held as long as the library may call it.
    private static readonly DOrtLoggingFunction s_receive = Receive;

    public static DOrtLoggingFunction Callback => s_receive;

    public static string Last(int lines = 3)
    {
        lock (s_lock) return string.Join("; ", s_lines.TakeLast(lines));
    }

    private static void Receive(IntPtr parameter, OrtLoggingLevel severity, string category, string logId, string codeLocation, string message)
    {
        string clean = new([.. message.Take(LineLength).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        lock (s_lock)
        {
            if (s_lines.Count == Kept) s_lines.Dequeue();
            s_lines.Enqueue(clean);
        }
    }
}
