[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace EdgeBench.Devices.Tests;

/// <summary>Programs of a recorded device.</summary>
internal static class Tools
{
    /// <summary>Puts a shell script in the place of a program below the tree's <c>usr/bin</c>.</summary>
    public static SystemTree WithTool(this SystemTree tree, string name, string script)
    {
        tree.With($"usr/bin/{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(Path.Combine(tree.Root.Folder, "usr/bin", name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return tree;
    }
}
