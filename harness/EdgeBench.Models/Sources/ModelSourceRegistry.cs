using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Sources.HuggingFace;
using EdgeBench.Models.Sources.Synthetic;

namespace EdgeBench.Models.Sources;

/// <summary>All model sources, by scheme.</summary>
public static class ModelSourceRegistry
{
    public static IReadOnlyList<IModelSource> All { get; } =
    [
        new BundledSource(),
        new FileSource(),
        new HuggingFaceSource(),
        new RandomSource(),
    ];

    /// <summary>The source of a model. Throws <see cref="EdgeBenchException"/> (bad input) naming the configuration's place.</summary>
    public static IModelSource For(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string place = $"models.{model.Name}.source";
        int colon = model.Source.IndexOf(':');
        if (colon < 0)
        {
            throw EdgeBenchException.BadInput($"'{model.Source}'", $"a source with its scheme: {Allowed}",
                $"If it is a file, write 'file:{model.Source}'.", path: place);
        }
        return Find(model.Source[..colon], place);
    }

    /// <summary>The source of a scheme, without its colon.</summary>
    public static IModelSource Find(string scheme, string? place = null)
    {
        if (All.FirstOrDefault(source => source.Scheme == scheme) is { } found) return found;
        throw EdgeBenchException.BadInput($"scheme '{scheme}:'", $"one of {Allowed}",
            Nearest.Question(scheme, All.Select(source => source.Scheme)) ?? "Use one of these.", path: place);
    }

    private static string Allowed => string.Join(", ", All.Select(source => $"{source.Scheme}:"));
}
