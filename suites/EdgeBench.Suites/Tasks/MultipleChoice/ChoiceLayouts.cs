namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>Every layout, in the order in which they are tried.</summary>
internal static class ChoiceLayouts
{
    public static IReadOnlyList<IChoiceLayout> All { get; } = [new SolutionsLayout(), new InstructionLayout(), new ListedLayout()];

    public static string Fields { get; } = string.Join("; or ", All.Select(layout => layout.Fields));
}
