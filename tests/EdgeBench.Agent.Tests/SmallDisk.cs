using System.Diagnostics;
using EdgeBench.Testing;

namespace EdgeBench.Agent.Tests;

/// <summary>A disk of few megabytes in memory; mounting one takes root, and the test is skipped with a word without it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public static SmallDisk Mount(int megabytes)
    {
        SmallDisk disk = new();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path)) return disk;
        disk._folder.Dispose();
        Assert.Skip("needs the right to mount a tmpfs");
        return disk;
    }

    /// <summary>Takes all that is left; answers the file to delete.</summary>
    public string Fill()
    {
        string filler = _folder.File("filler");
        using FileStream stream = new(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[64 * 1024];
        try
        {
            while (true) stream.Write(block);
        }
        catch (IOException)
        {
            return filler;
        }
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
