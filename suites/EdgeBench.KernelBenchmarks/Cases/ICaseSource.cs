namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>A family of kernels. Seam: implement, add to <see cref="KernelCatalog"/>.</summary>
internal interface ICaseSource
{
    /// <summary>Its kernels on every shape, those that this processor runs.</summary>
    IEnumerable<KernelCase> Cases(int threads);
}
