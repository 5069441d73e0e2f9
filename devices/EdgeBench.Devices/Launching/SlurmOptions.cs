using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Configuration;

namespace EdgeBench.Devices.Launching;

/// <summary>Options of the launcher <c>slurm</c>; the names are srun's.</summary>
public sealed record SlurmOptions
{
    [Description("Partition; left out, the cluster's default.")]
    public string? Partition { get; init; }

    [Description("Account that is charged.")]
    public string? Account { get; init; }

    [Description("Quality of service.")]
    public string? Qos { get; init; }

    [Description("Node or nodes to choose from, as srun's --nodelist takes them; one is used.")]
    public string? Nodes { get; init; }

    [Description("Features that the node must have, such as pi5.")]
    public string? Constraint { get; init; }

    [Description("Generic resources, such as gpu:1.")]
    public string? Gres { get; init; }

    [Description("Longest time that the job may take; left out, the partition's limit."), Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan? Time { get; init; }

    [Description("Longest time to wait in the queue."), Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromHours(1);

    [Description("Path of the agent's program on the nodes; left out, this machine's, in a folder that the nodes share.")]
    public string? Agent { get; init; }

    [Description("Folder on the node for what the agent keeps; left out, its own choice. With 'boards', one that this machine and every node see under the same path.")]
    public string? Folder { get; init; }

    [Description("Boards alike that work at once: trials go to the queue as job arrays of this width, and go on while this command does not run. Left out, one node is held while the command runs."),
     Range(1, 10_000)]
    public int? Boards { get; init; }

    [Description("Bytes that received models and data may take there; 0 sets no limit but the disk's."), ByteSize, Range(0, double.MaxValue)]
    public long CacheLimit { get; init; }

    [Description("Further options of srun, each by itself, such as --reservation=bench.")]
    public IReadOnlyList<string> Options { get; init; } = [];
}
