namespace EdgeBench.Core.IO;

/// <summary>Files that are either whole or absent: written beside their place, flushed, then renamed over it.</summary>
public static class AtomicFile
{
    /// <summary>Writes through <paramref name="write"/>; on any exception the old file stays and no trace is left.</summary>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = $"{full}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial";
        try
        {
            using (DurableStream stream = new(File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None)))
            {
                write(stream);
                stream.Complete();
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes UTF-8 text without a byte-order mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            writer.Write(text);
        });
}
