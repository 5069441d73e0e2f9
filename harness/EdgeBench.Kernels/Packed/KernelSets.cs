namespace EdgeBench.Kernels.Packed;

/// <summary>The kernel sets in order of preference and the one in use: the first that is supported, or the one that <see cref="Variable"/> names.</summary>
public static class KernelSets
{
    /// <summary>The environment variable that names the kernel set to use.</summary>
    public const string Variable = "EDGEBENCH_KERNELS";

    private static readonly Lazy<KernelSet> s_current = new(() => Choose(Environment.GetEnvironmentVariable(Variable)));

    /// <summary>All, fastest first.</summary>
    public static IReadOnlyList<KernelSet> All { get; } = [Vnni512.Vnni512Code.Set, .. Ymm.YmmCode.Sets, .. Intrinsics.IntrinsicsSets.All, new ScalarSet()];

    /// <summary>The one that products use. Throws <see cref="NotSupportedException"/> if <see cref="Variable"/> names none that runs here.</summary>
    public static KernelSet Current => s_current.Value;

    internal static KernelSet Choose(string? name)
    {
        if (string.IsNullOrEmpty(name)) return All.First(set => set.IsSupported);
        KernelSet? named = All.FirstOrDefault(set => string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase));
        string here = $"Here run {string.Join(", ", All.Where(set => set.IsSupported).Select(set => set.Name))}";
        if (named is null) throw new NotSupportedException($"{Variable} is '{name}', which is no kernel set. {here}.");
        return named.Missing is { } missing ? throw new NotSupportedException($"{Variable} is '{name}', which needs {missing}. {here}.") : named;
    }
}
