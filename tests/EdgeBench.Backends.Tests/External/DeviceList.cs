using System.Runtime.Versioning;
using EdgeBench.Core.Programs;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.External;

/// <summary>A device's list of programs in a cache of its own, with scripts in the place of tools.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DeviceList : IDisposable
{
    private const string Variable = "EDGEBENCH_CACHE";
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public DeviceList() => Environment.SetEnvironmentVariable(Variable, _folder.Path);

    public string Folder => _folder.Path;

    /// <summary>Writes the list, readable for its owner alone.</summary>
    public void Write(string json)
    {
        File.WriteAllText(AllowedPrograms.FilePath, json);
        File.SetUnixFileMode(AllowedPrograms.FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>A shell script that can be started; its path.</summary>
    public string Script(string name, string body)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, Executable);
        return path;
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }
}
