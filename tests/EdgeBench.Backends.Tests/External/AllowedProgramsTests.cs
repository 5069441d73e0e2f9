using System.Runtime.Versioning;
using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.Tests.External;

[SupportedOSPlatform("linux")]
public sealed class AllowedProgramsTests : IDisposable
{
    private readonly DeviceList _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void A_device_without_a_list_allows_nothing_and_says_what_to_write()
    {
        Assert.Empty(ExternalBackend.Allowed);
        TrialFailure failure = Assert.Throws<TrialException>(() => AllowedPrograms.Find("llama-bench")).Failure;
        Assert.Equal(FailureKind.BackendMissing, failure.Kind);
        Assert.Contains("allows no external program 'llama-bench'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(AllowedPrograms.FilePath, failure.Remedy, StringComparison.Ordinal);
        Assert.Contains("{ \"llama-bench\": { \"path\": ", failure.Remedy, StringComparison.Ordinal);
        BackendStatus status = new ExternalBackend().Probe(default);
        Assert.Equal((false, failure.Message, failure.Remedy), (status.Installed, status.Problem, status.Remedy));
    }

    [Fact]
    public void An_entry_is_found_with_the_hash_of_its_file_as_version()
    {
        string path = _device.Script("tool", "exit 0");
        string hash = ContentHash.OfFile(path);
        _device.Write($$"""{ "llama-bench": { "path": "{{path}}", "sha256": "{{hash.ToUpperInvariant()}}" }, "other": { "path": "/nowhere" } }""");
        Assert.Equal(["llama-bench", "other"], ExternalBackend.Allowed);
        BackendStatus status = new ExternalBackend().Probe(default);
        Assert.Equal((true, path, $"sha256:{hash[..12]}"), (status.Installed, status.Folder, status.Version));
    }

    [Fact]
    public void Other_arguments_on_the_device_are_another_version()
    {
        string path = _device.Script("tool", "exit 0");
        _device.Write($$"""{ "a": { "path": "{{path}}" }, "b": { "path": "{{path}}", "arguments": ["--fast"] } }""");
        Assert.NotEqual(AllowedPrograms.Find("a").Version(), AllowedPrograms.Find("b").Version());
    }

    [Fact]
    public void A_slip_of_the_name_is_told_the_nearest()
    {
        _device.Write($$"""{ "llama-bench": { "path": "{{_device.Script("tool", "exit 0")}}" } }""");
        Assert.Contains("Did you mean 'llama-bench'?", Assert.Throws<TrialException>(() => AllowedPrograms.Find("lama-bench")).Failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "tool": { "path": "relative/tool" } }""", "is no absolute path")]
    [InlineData("""{ "tool": { "path": "/nowhere/tool" } }""", "is not there")]
    [InlineData("""{ "tool": { "path": "/tmp" } }""", "is not there")]
    [InlineData("""{ "tool": { "path": "/etc/passwd" } }""", "is not executable")]
    [InlineData("""{ "tool": { "path": "/bin/sh", "sha256": "00" } }""", "has SHA-256")]
    [InlineData("""{ "tool": { "path": "/bin/sh", "arguments": [null] } }""", "are no texts")]
    [InlineData("""{ "tool": { "path": "/bin/sh", "argument": [] } }""", "cannot be understood")]
    [InlineData("""{ "tool": { "path": "/bin/sh" }, "tool": { "path": "/bin/ls" } }""", "cannot be understood")]
    [InlineData("""{ "tool": {} }""", "cannot be understood")]
    [InlineData("""{ "tool": null }""", "holds null")]
    [InlineData("""[]""", "cannot be understood")]
    [InlineData("null", "holds null")]
    [InlineData("{", "cannot be understood")]
    public void A_list_that_is_wrong_is_refused_with_its_reason(string json, string reason)
    {
        _device.Write(json);
        TrialFailure failure = Assert.Throws<TrialException>(() => AllowedPrograms.Find("tool")).Failure;
        Assert.Equal(FailureKind.BackendMissing, failure.Kind);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains(AllowedPrograms.FilePath, failure.Message + failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_others_can_write_is_not_trusted()
    {
        _device.Write("""{ "tool": { "path": "/bin/sh" } }""");
        File.SetUnixFileMode(AllowedPrograms.FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Contains("can be written by others", Assert.Throws<TrialException>(() => AllowedPrograms.Find("tool")).Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../bin/sh")]
    [InlineData("/bin/sh")]
    [InlineData("")]
    public void A_path_is_no_name_of_an_entry(string name)
    {
        _device.Write("""{ "tool": { "path": "/bin/sh" } }""");
        Assert.Contains("allows no external program", Assert.Throws<TrialException>(() => AllowedPrograms.Find(name)).Failure.Message, StringComparison.Ordinal);
    }
}
