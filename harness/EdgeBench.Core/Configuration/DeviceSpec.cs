using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.Cells;

namespace EdgeBench.Core.Configuration;

/// <summary>A device by name: how its agent is started, and what belongs to every trial on it. <c>local</c> is the machine that the command runs on.</summary>
/// <param name="Launcher">Registered name.</param>
public sealed record DeviceSpec(string Name, string Launcher = "local")
{
    /// <summary>
    /// Of the launcher, complete and canonical; null where it takes none. How a device is reached decides nothing that is measured, and names hosts
    /// and users: it is not written beside the configuration in a journal.
    /// </summary>
    [JsonIgnore]
    public JsonElement? LauncherOptions { get; init; }

    /// <summary>Name of the profile that it inherits from, or null.</summary>
    public string? Profile { get; init; }

    /// <summary><see cref="Cells.Tier.Emulated"/> where it says so of itself; an agent that finds an emulator makes it so too.</summary>
    public Tier Tier { get; init; }

    /// <summary>Power meters that run with every trial.</summary>
    public IReadOnlyList<MeterSpec> Meters { get; init; } = [];

    /// <summary>What a trial waits for before it starts.</summary>
    public CooldownSpec? Cooldown { get; init; }

    /// <summary>What is set on the device while a trial runs, and put back after.</summary>
    public TuningSpec? Tuning { get; init; }
}

/// <summary>A power meter with its options, complete and canonical.</summary>
/// <param name="Type">Registered name, such as <c>rapl</c>.</param>
public sealed record MeterSpec(string Type, JsonElement Options);
