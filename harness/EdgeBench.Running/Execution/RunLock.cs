using EdgeBench.Core.Problems;

namespace EdgeBench.Running.Execution;

/// <summary>Keeps two commands from working on one run: a lock that the kernel releases even after a kill.</summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a run's folder. Throws <see cref="EdgeBenchException"/> where another process holds it or the folder is not writable.</summary>
    public static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, "run.lock");
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"the output folder '{folder}' is not writable", "a folder that this user may write to", "Choose another with --out.");
        }
        catch (IOException) when (File.Exists(path))
        {
            throw EdgeBenchException.Infrastructure($"the run in '{folder}' is being worked on by another process", "one 'edgebench run' per output folder",
                "Wait for it to end, or choose another folder with --out.");
        }
        catch (IOException error)
        {
            throw EdgeBenchException.BadInput($"the output folder '{folder}' cannot be written to ({error.Message})", "a folder that this user may write to", "Choose another with --out.");
        }
    }

    public void Dispose() => _file.Dispose();
}
