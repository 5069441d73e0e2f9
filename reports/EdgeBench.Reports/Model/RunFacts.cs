using EdgeBench.Core.Devices;

namespace EdgeBench.Reports.Model;

/// <summary>Where a run comes from: devices, versions, commit, seed.</summary>
internal static class RunFacts
{
    public static IReadOnlyList<(string What, string Value)> Of(ReportModel model)
    {
        List<(string, string)> facts = [];
        foreach ((string name, DeviceFacts device) in model.Run.Devices)
        {
            string emulated = device.Emulated ? ", emulated" : "";
            facts.Add(($"device {name}", $"{device.Processor}, {device.Cores} cores, {MetricText.Bytes(device.MemoryBytes)}, {device.Architecture}, {device.OperatingSystem}, kernel {device.Kernel}{emulated}"));
            if (device.InstructionSets.Count > 0) facts.Add(($"instruction sets {name}", string.Join(" ", device.InstructionSets)));
            facts.AddRange(device.Details.Select(detail => ($"{detail.Key} ({name})", detail.Value)));
        }
        facts.AddRange(model.Run.Provenance.Select(entry => (entry.Key.Replace('_', ' '), entry.Value)));
        facts.AddRange(model.Facts.Select(fact => ($"{fact.Fact.Replace('_', ' ')} ({fact.Backend})", fact.Value)));
        return facts;
    }
}
