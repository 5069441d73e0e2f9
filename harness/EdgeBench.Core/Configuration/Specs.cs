using System.Text.Json;

namespace EdgeBench.Core.Configuration;

/// <summary>A recipe: an ordered, possibly empty, list of passes.</summary>
public sealed record RecipeSpec(string Name, IReadOnlyList<PassSpec> Passes);

/// <summary>One pass with its parameters, complete (defaults filled in) and canonical, so that equal settings hash equally.</summary>
public sealed record PassSpec(string Pass, JsonElement Parameters);

/// <summary>A backend with its options, complete and canonical.</summary>
public sealed record BackendSpec(string Name, string Type, JsonElement Options);

/// <summary>A scenario with shapes, or a quality task, with its parameters complete and canonical.</summary>
/// <param name="Type">Registered name: <c>single-stream</c>, <c>perplexity</c> …</param>
/// <param name="Test">Short name of the test for tables: <c>pp512</c>, <c>tg128 @ d4096</c>, <c>perplexity</c>.</param>
/// <param name="Threads">CPU threads.</param>
public sealed record WorkloadSpec(string Name, string Type, string Test, int Threads, JsonElement Parameters);
