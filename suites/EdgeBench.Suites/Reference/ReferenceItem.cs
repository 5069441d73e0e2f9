namespace EdgeBench.Suites.Reference;

/// <summary>One generated text with its answer.</summary>
/// <param name="Id"><c>task-split-number</c>, from 0.</param>
/// <param name="Template">How the text is built: parts with <c>+</c> between. Each part belongs to one split for all seeds.</param>
/// <param name="Combination">What it speaks of: parts as in <paramref name="Template"/>.</param>
/// <param name="Prompt">Ends with a line feed, so that its tokens and the completion's are those of both together; empty for stories.</param>
/// <param name="Completion">The one right answer, or the story.</param>
public sealed record ReferenceItem(string Id, ReferenceTask Task, string Template, string Combination, string Prompt, string Completion);
