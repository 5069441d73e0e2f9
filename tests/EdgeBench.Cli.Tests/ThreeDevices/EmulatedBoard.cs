using EdgeBench.Core.IO;

namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>A linux-arm64 device under qemu's user mode: Arm programs, this machine's kernel.</summary>
internal static class EmulatedBoard
{
    public const string Variable = "EDGEBENCH_ARM64_ROOT";

    private const string Emulator = "qemu-aarch64-static";

    /// <summary>What <c>arm64-root.sh</c> has filled.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own ? own : Path.Combine(CacheFolders.Root, "arm64-root");

    /// <summary>What it needs and this machine lacks; null where it has all.</summary>
    public static string? Missing =>
        ShapedLink.Which(Emulator) is null ? $"{Emulator} (Debian: qemu-user-static)"
        : !File.Exists(Path.Combine(Root, "proc", "cpuinfo")) ? $"an arm64 system in {Root}: run tests/EdgeBench.Cli.Tests/ThreeDevices/arm64-root.sh {Root}"
        : null;

    /// <summary>The launcher of a device file.</summary>
    /// <param name="folder">For what its agent keeps.</param>
    public static string Launcher(string folder) =>
        $"{{ command: {{ through: [{Emulator}, -cpu, cortex-a76, -L, \"{Root}\"], runtime: linux-arm64, folder: \"{folder}\" }} }}";
}
