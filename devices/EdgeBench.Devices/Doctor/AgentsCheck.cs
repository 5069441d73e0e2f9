using EdgeBench.Core.Wire;
using EdgeBench.Devices.Installing;

namespace EdgeBench.Devices.Doctor;

/// <summary>Agents of other versions that earlier installations left in the device's cache.</summary>
public sealed class AgentsCheck : IDoctorCheck
{
    public string Name => "agents";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string[] others = [.. InstalledAgents.Folders(context.CacheFolder).Where(folder => Path.GetFullPath(folder) != own)];
        if (others.Length == 0) yield break;
        long bytes = others.Sum(folder => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
        yield return new(Name, Severity.Note, $"{others.Length} {(others.Length == 1 ? "agent" : "agents")} of other versions take {bytes / 1e6:0.0} MB in '{Path.Combine(context.CacheFolder, InstalledAgents.FolderName)}'",
            $"'edgebench devices install' keeps {InstalledAgents.Rule}.");
    }
}
