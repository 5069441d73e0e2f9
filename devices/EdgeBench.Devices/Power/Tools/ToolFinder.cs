namespace EdgeBench.Devices.Power.Tools;

/// <summary>Finds a vendor's program in the folders where its packages put it: never by the search path, which a user's shell may have bent.</summary>
internal static class ToolFinder
{
    private static readonly string[] s_folders = ["usr/bin", "usr/local/bin", "bin", "opt/vc/bin", "usr/sbin", "usr/lib/wsl/lib", "usr/local/nvidia/bin"];

    /// <summary>The program's path. Throws <see cref="MeterException"/>.</summary>
    public static string Find(SystemRoot root, string program, string remedy) =>
        s_folders.Select(folder => Path.Combine(root.Folder, folder, program)).FirstOrDefault(File.Exists)
        ?? throw new MeterException($"there is no program '{program}' in {string.Join(", ", s_folders.Select(folder => $"/{folder}"))}", remedy);
}
