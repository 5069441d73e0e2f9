namespace EdgeBench.Suites.Inference;

/// <summary>Parameters of <c>inference</c>: none, as the graph's own inputs decide the shapes.</summary>
public sealed record InferenceParameters;
