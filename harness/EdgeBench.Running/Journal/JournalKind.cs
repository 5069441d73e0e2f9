namespace EdgeBench.Running.Journal;

/// <summary>What a journal is recognised by.</summary>
/// <param name="Tables">SQL that makes them.</param>
/// <param name="Writer">Command that writes it.</param>
internal sealed record JournalKind(int ApplicationId, int Version, string Tables, string Writer);
