using EdgeBench.Core.Problems;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Complaints about chat templates.</summary>
internal static class TemplateErrors
{
    private const string Remedy = "Use another template, or prompts without one.";

    public static EdgeBenchException Refused(string offender, string expected) => EdgeBenchException.BadInput(offender, expected, Remedy);

    public static EdgeBenchException At(int line, string offender, string expected) => new(ExitCode.BadInput, new Problem(offender, expected, Remedy) { File = "chat template", Line = line });
}
