using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Execution;

namespace EdgeBench.Running.Journal;

/// <summary>A run's folder with its journal, in the hands of one process until it is disposed.</summary>
public sealed class RunFolder : IDisposable
{
    private readonly ProcessLock _lock;

    private RunFolder(string path, ProcessLock held, RunJournal journal) => (Path, _lock, Journal) = (path, held, journal);

    public string Path { get; }

    public RunJournal Journal { get; }

    /// <summary>Creates the folder and the journal where they are not there. Throws <see cref="EdgeBenchException"/>.</summary>
    /// <param name="fresh">Starts over.</param>
    public static RunFolder Open(string path, bool fresh)
    {
        Create(path);
        ProcessLock held = RunLock.Take(path);
        try
        {
            return new RunFolder(path, held, RunJournal.Open(path, fresh));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        _lock.Dispose();
    }

    private static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException error) when (DiskSpace.IsFull(error))
        {
            throw DiskSpace.Full(folder, "the run", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"the output folder '{folder}' cannot be created ({error.Message})", "a folder that this user may write to", "Choose another with --out.");
        }
    }
}
