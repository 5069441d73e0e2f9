namespace EdgeBench.Models.ChatTemplates;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> …</param>
public sealed record ChatMessage(string Role, string Content);
