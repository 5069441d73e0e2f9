namespace EdgeBench.Kernels.Quantisation;

/// <summary>What differs between the searches of formats that <see cref="SuperBlockEncoder{TLayout, TSearch}"/> writes.</summary>
internal interface ISuperBlockSearch
{
    /// <summary>Scales tried where no importances are known.</summary>
    static abstract ScaleGrid Plain { get; }
}
