using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Configuration;

namespace EdgeBench.Devices.Launching;

/// <summary>Options of the launcher <c>ssh</c>.</summary>
public sealed record SshOptions
{
    [Description("Host name, address, or a name from the user's ssh configuration.")]
    public required string Host { get; init; }

    [Description("Login name; left out, what ssh's own configuration says.")]
    public string? User { get; init; }

    [Description("Port; left out, what ssh's own configuration says."), Range(1, 65535)]
    public int? Port { get; init; }

    [Description("Jump host, as ssh's -J takes it.")]
    public string? Jump { get; init; }

    [Description("Further options as ssh's -o takes them, such as IdentityFile=~/.ssh/boards.")]
    public IReadOnlyList<string> Options { get; init; } = [];

    [Description("Folder on the device for agent, models and data; a name that is not absolute is below the login's home.")]
    public string Folder { get; init; } = "~/.cache/edgebench";

    [Description("Bytes that received models and data may take on the device; 0 sets no limit but the disk's."), ByteSize, Range(0, double.MaxValue)]
    public long CacheLimit { get; init; }
}
