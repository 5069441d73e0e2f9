namespace EdgeBench.Models.Gguf;

/// <summary>A GGUF file, memory-mapped.</summary>
public sealed partial class GgufFile;
