using System.Diagnostics;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>A disk of few megabytes in memory.</summary>
internal sealed class SmallMount : IDisposable
{
    private static readonly Lazy<bool> s_available = new(Try);

    public SmallMount(string path, int megabytes)
    {
        Path = Directory.CreateDirectory(path).FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path)) throw new IOException($"tmpfs cannot be mounted on {Path}");
    }

    /// <summary>Whether this user may mount one.</summary>
    public static bool Available => s_available.Value;

    public string Path { get; }

    /// <summary>Writes a file until nothing more fits.</summary>
    public static void Fill(string file)
    {
        using FileStream stream = new(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[64 * 1024];
        try
        {
            while (true) stream.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Dispose() => Run("umount", "-l", Path);

    private static bool Try()
    {
        string folder = Directory.CreateTempSubdirectory("edgebench-mount-").FullName;
        try
        {
            using SmallMount mount = new(folder, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
