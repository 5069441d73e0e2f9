using System.Text.Json;
using EdgeBench.Backends;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Power;
using EdgeBench.Models.Sources;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Suites;

namespace EdgeBench.Running.Execution;

/// <summary>The words that a bench.yaml may use, collected from the registries of passes, backends, workloads, sources and devices.</summary>
public static class HarnessVocabulary
{
    public static ConfigurationVocabulary Instance { get; } = new()
    {
        Passes = PassRegistry.All.ToDictionary(pass => pass.Name, pass => pass.ParametersType),
        Backends = BackendRegistry.All.ToDictionary(backend => backend.Name, backend => backend.OptionsType),
        Workloads = WorkloadRegistry.All.ToDictionary(workload => workload.Name, workload => new WorkloadVocabulary(workload.ParametersType, workload.Tests, workload.IsQuality)),
        ModelSchemes = [.. ModelSourceRegistry.All.Select(source => source.Scheme)],
        Devices = ["local"],
        Launchers = LauncherRegistry.All.ToDictionary(launcher => launcher.Name, launcher => launcher.OptionsType),
        Meters = MeterRegistry.All.ToDictionary(meter => meter.Name, meter => (Type?)meter.OptionsType),
        Profiles = ProfileCatalog.Names,
    };

    /// <summary>A backend's options with every default.</summary>
    public static JsonElement DefaultOptions(IBackend backend) =>
        JsonSerializer.SerializeToElement(Activator.CreateInstance(backend.OptionsType), backend.OptionsType, EdgeBenchJson.Options);
}
