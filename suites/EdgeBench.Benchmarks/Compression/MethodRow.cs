using EdgeBench.Compression.Awq;
using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Gptq;
using EdgeBench.Compression.Grids;
using EdgeBench.Compression.Quantising;

namespace EdgeBench.Benchmarks.Compression;

/// <summary>How activations are rounded while a row is scored.</summary>
internal enum ActivationKind
{
    None,
    Static,
    PerToken,
}

/// <summary>A method of the golden table, or one of ours.</summary>
/// <param name="Name">As in the golden table.</param>
/// <param name="Unfolded">Compresses A itself and not B = fold(A).</param>
internal sealed record MethodRow(
    string Name, LevelGrid Grid, LevelSettings Settings, Prefix Prefix = Prefix.Compressed, ActivationKind Activations = ActivationKind.None, bool Unfolded = false)
{
    private static readonly LevelGrid s_asym3 = new("3 bits", null, 32, 0, 7, null, true);
    private static readonly LevelGrid s_rows4 = new("4 bits by row", null, 0, 0, 15, null, true);
    private static readonly LevelSettings s_rtn = new(), s_gptq = new() { Gptq = true };
    private static readonly LevelSettings s_best = new() { Gptq = true, Order = ColumnOrder.ActivationStatic, Scales = ScaleRule.Search, Fold = FoldSites.All, FoldByGptq = true, FoldPowers = 8 };

    public static IReadOnlyList<MethodRow> Golden { get; } =
    [
        new("rtn4_g32_sym", LevelGrid.Q4_0, s_rtn, Prefix.Dense),
        new("gptq4_g32_sym", LevelGrid.Q4_0, s_gptq),
        new("rtn4_g32_asym", LevelGrid.Q4_1, s_rtn, Prefix.Dense),
        new("awq4_g32_asym", LevelGrid.Q4_1, s_rtn with { Fold = FoldSites.Published }, Prefix.Dense),
        new("gptq4_g32_asym", LevelGrid.Q4_1, s_gptq),
        new("gptq4_g32_asym_actorder", LevelGrid.Q4_1, s_gptq with { Order = ColumnOrder.ActivationRegrouped }),
        new("gptq4_g32_asym_actorder_static", LevelGrid.Q4_1, s_gptq with { Order = ColumnOrder.ActivationStatic }),
        new("rtn4_chan_asym", s_rows4, s_rtn, Prefix.Dense),
        new("gptq4_chan_asym", s_rows4, s_gptq),
        new("rtn3_g32_asym", s_asym3, s_rtn, Prefix.Dense),
        new("gptq3_g32_asym", s_asym3, s_gptq),
        new("w8a8_naive_static", LevelGrid.Int8Rows, s_rtn, Prefix.Dense, ActivationKind.Static, true),
        new("w8a8_naive_token", LevelGrid.Int8Rows, s_rtn, Prefix.Dense, ActivationKind.PerToken, true),
        new("w8a8_smooth_static", LevelGrid.Int8Rows, s_rtn with { Smooth = 0.5 }, Prefix.Dense, ActivationKind.Static, true),
        new("w8a8_smooth_token", LevelGrid.Int8Rows, s_rtn with { Smooth = 0.5 }, Prefix.Dense, ActivationKind.PerToken, true),
    ];

    /// <summary>Rows that the golden table does not have: each ingredient of the default, and the default.</summary>
    public static IReadOnlyList<MethodRow> Ours { get; } =
    [
        .. new[] { LevelGrid.Q4_0, LevelGrid.Q4_1 }.SelectMany(grid => new MethodRow[]
        {
            new($"{grid.Name}_search", grid, s_rtn with { Scales = ScaleRule.Search }),
            new($"{grid.Name}_gptq_static_search", grid, s_gptq with { Order = ColumnOrder.ActivationStatic, Scales = ScaleRule.Search }),
            new($"{grid.Name}_awq_all", grid, s_rtn with { Scales = ScaleRule.Search, Fold = FoldSites.All }),
            new($"{grid.Name}_gptq_awq", grid, s_best with { FoldByGptq = false, FoldPowers = 20 }),
            new($"{grid.Name}_gptq_fold", grid, s_best),
        }),
    ];
}
