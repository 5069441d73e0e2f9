using CsCheck;
using EdgeBench.Compression.MixedPrecision;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Tests.MixedPrecision;

public class TypeChoiceTests
{
    private static readonly Gen<MatrixCandidates> s_matrix =
        from sizes in Gen.Int[1, 60].Array[1, 4]
        from errors in Gen.Double[1e-6, 1.0].Array[sizes.Length]
        select new MatrixCandidates("m", 0, "k", 1, [.. sizes.Zip(errors, (size, error) => new Candidate(GgmlType.Q4_0, size, error))]);

    [Fact]
    public void No_choice_takes_more_than_the_budget_and_none_is_left_that_would_fit_and_help() =>
        Gen.Select(s_matrix.Array[1, 6], Gen.Double[0.1, 10].Array[6], Gen.Int[1, 300]).Sample((matrices, factors, budget) =>
        {
            double Sensitivity(MatrixCandidates matrix) => factors[Array.IndexOf(matrices, matrix)];
            IReadOnlyList<Choice>? choices = TypeChoice.Choose(matrices, Sensitivity, budget);
            long least = matrices.Sum(matrix => matrix.Candidates.Min(c => c.Bytes));
            Assert.Equal(budget < least, choices is null);
            if (choices is null) return;
            long used = choices.Sum(choice => choice.Candidate.Bytes);
            Assert.InRange(used, least, budget);
            Assert.Equal(matrices, choices.Select(choice => choice.Matrix));
            Assert.All(choices, choice =>
            {
                Assert.Contains(choice.Candidate, choice.Matrix.Candidates);
                Candidate[] hull = TypeChoice.Hull(choice.Matrix.Candidates);
                int at = Array.IndexOf(hull, choice.Candidate);
                if (at + 1 < hull.Length) Assert.True(used + hull[at + 1].Bytes - choice.Candidate.Bytes > budget);
            });
        }, iter: 3000);

    [Fact]
    public void A_choice_loses_to_the_best_of_all_by_no_more_than_one_step() =>
        Gen.Select(s_matrix.Array[1, 4], Gen.Double[0.1, 10].Array[4], Gen.Int[4, 200]).Sample((matrices, factors, budget) =>
        {
            double Sensitivity(MatrixCandidates matrix) => factors[Array.IndexOf(matrices, matrix)];
            if (TypeChoice.Choose(matrices, Sensitivity, budget) is not { } choices) return;
            double ours = choices.Sum(choice => choice.Divergence);
            double best = Best(matrices, Sensitivity, 0, budget);
            double step = matrices.Max(matrix => Sensitivity(matrix) * (matrix.Candidates.Max(c => c.OutputError) - matrix.Candidates.Min(c => c.OutputError)));
            Assert.InRange(ours, best - 1e-9, best + step + 1e-9);
        }, iter: 1000);

    [Fact]
    public void The_hull_drops_what_is_larger_for_a_smaller_gain()
    {
        Candidate a = new(GgmlType.Q4_0, 10, 1.0), worse = new(GgmlType.Q4_1, 10, 2.0), flat = new(GgmlType.Q5_0, 12, 0.9), b = new(GgmlType.Q5_1, 14, 0.2), up = new(GgmlType.Q8_0, 20, 0.3);
        Assert.Equal([a, b], TypeChoice.Hull([up, worse, flat, b, a]));
    }

    [Fact]
    public void Sensitivities_add_up_to_what_was_measured_for_layers_and_in_proportion_for_kinds()
    {
        (int Layer, string Kind, double Error)[] errors = [(0, "q", 0.1), (0, "down", 0.3), (1, "q", 0.2), (1, "down", 0.05)];
        SensitivityTable table = SensitivityTable.Fit(errors, [0.5, 0.1], new Dictionary<string, double> { ["q"] = 0.2, ["down"] = 1.0 });
        double Sum(Func<(int Layer, string Kind, double Error), bool> which) => errors.Where(which).Sum(e => e.Error * table.Of(e.Layer, e.Kind));
        Assert.Equal(0.5, Sum(e => e.Layer == 0), 1e-6);
        Assert.Equal(0.1, Sum(e => e.Layer == 1), 1e-6);
        Assert.Equal(0.1, Sum(e => e.Kind == "q"), 1e-6);
        Assert.Equal(0.5, Sum(e => e.Kind == "down"), 1e-6);
    }

    [Fact]
    public void A_layer_or_kind_that_costs_nothing_has_no_sensitivity()
    {
        SensitivityTable table = SensitivityTable.Fit([(0, "q", 0.1), (1, "q", 0)], [0, 0.1], new Dictionary<string, double> { ["q"] = 0 });
        Assert.Equal(0, table.Of(0, "q"));
        Assert.Equal(0, table.Of(1, "q"));
    }

    [Fact]
    public void The_divergence_is_that_of_the_definition() =>
        Gen.Int[1, 2500].SelectMany(n => Gen.Select(Gen.Float[-20f, 20f].Array[n], Gen.Float[-20f, 20f].Array[n])).Sample((p, q) =>
        {
            double Total(float[] logits) => Math.Log(logits.Sum(logit => Math.Exp(logit)));
            (double totalP, double totalQ) = (Total(p), Total(q));
            double expected = p.Zip(q, (a, b) => Math.Exp(a - totalP) * (a - totalP - (b - totalQ))).Sum();
            Assert.Equal(expected, Divergence.Of(p, q), 1e-4);
        }, iter: 100);

    private static double Best(MatrixCandidates[] matrices, Func<MatrixCandidates, double> sensitivity, int at, long left) =>
        left < 0 ? double.PositiveInfinity
        : at == matrices.Length ? 0
        : matrices[at].Candidates.Min(c => (sensitivity(matrices[at]) * c.OutputError) + Best(matrices, sensitivity, at + 1, left - c.Bytes));
}
