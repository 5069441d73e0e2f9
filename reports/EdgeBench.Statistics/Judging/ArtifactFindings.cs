using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Runs;

namespace EdgeBench.Statistics.Judging;

/// <summary>What a recipe asked of the artifact against what its file shows.</summary>
internal static class ArtifactFindings
{
    public static void Add(StoredCell cell, Findings findings)
    {
        foreach (PassReadback readback in cell.Artifact?.Readback ?? [])
        {
            string reason = $"{readback.Pass}: asked {readback.Asked}, found {readback.Found}";
            if (readback.Applied == Applied.NotApplied) findings.Invalid($"not applied: {reason}");
            else if (readback.Applied == Applied.Partly) findings.Semivalid($"partly applied: {reason}");
        }
    }
}
