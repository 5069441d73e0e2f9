namespace EdgeBench.Engine.Decoding;

/// <summary>A weight matrix of a loaded block. <see cref="Values"/> may be changed between passes, never during one.</summary>
/// <param name="Name">GGUF's: <c>blk.3.attn_q.weight</c>.</param>
/// <param name="Rows">Outputs.</param>
/// <param name="Columns">Inputs.</param>
/// <param name="Site">What it reads.</param>
/// <param name="Values">Row-major [Rows, Columns].</param>
public sealed record BlockMatrix(string Name, int Rows, int Columns, LinearSite Site, float[] Values);
