using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.MixedPrecision;

/// <summary>One type that a matrix could have.</summary>
/// <param name="Bytes">Of the matrix in that type.</param>
/// <param name="OutputError">‖X(Ŵ - W)ᵀ‖² / ‖XWᵀ‖² on the calibration tokens.</param>
internal sealed record Candidate(GgmlType Type, long Bytes, double OutputError);

/// <summary>A matrix and what it could become.</summary>
/// <param name="Kind">The name's last parts: <c>attn_q</c>.</param>
internal sealed record MatrixCandidates(string Name, int Layer, string Kind, long Elements, IReadOnlyList<Candidate> Candidates);

/// <summary>What a type was chosen for a matrix, and the divergence (nats a token) that the measurement lets expect of it alone.</summary>
internal sealed record Choice(MatrixCandidates Matrix, Candidate Candidate, double Divergence);
