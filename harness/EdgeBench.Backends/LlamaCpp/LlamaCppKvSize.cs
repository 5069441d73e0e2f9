namespace EdgeBench.Backends.LlamaCpp;

/// <summary>
/// Bytes of the key/value cache. The library logs them to 0.01 MiB; the exact figure is computed from the model's dimensions and used only
/// where it agrees with the log to that rounding, else the log's figure stands.
/// </summary>
internal static unsafe class LlamaCppKvSize
{
    private const double Mebibyte = 1024 * 1024;

    /// <param name="KvBytes">Bytes, or null where the log names no cache: then nothing confirms what the dimensions give.</param>
    /// <param name="Source">Where the figure comes from, for the tables.</param>
    public readonly record struct Size(long? KvBytes, string Source);

    public static Size Of(LlamaCppApi api, LlamaCppModel model, LlamaCppReadback readback, long cells, int typeK, int typeV)
    {
        if (readback.KvMebibytes is not { } logged) return new(null, "none: no line of the library's log names a cache");
        long computed = Computed(api, model, cells, typeK, typeV);
        return Choose(computed, logged, readback.KvCaches);
    }

    internal static Size Choose(long computed, double loggedMebibytes, int caches) =>
        caches == 1 && Math.Abs(computed / Mebibyte - loggedMebibytes) <= 0.0051
            ? new(computed, "computed from dimensions, agrees with the library's log")
            : new((long)Math.Round(loggedMebibytes * Mebibyte), $"the library's log, to {0.01 * caches:0.00} MiB");

    private static long Computed(LlamaCppApi api, LlamaCppModel model, long cells, int typeK, int typeV)
    {
        long heads = api.ModelKvHeads(model.Handle);
        long each = api.ModelHeads(model.Handle) is > 0 and int all ? api.ModelWidth(model.Handle) / all : 0;
        long keys = heads * (model.Number("attention.key_length") ?? each), values = heads * (model.Number("attention.value_length") ?? each);
        // ggml_row_size ends the process on a row that does not divide into blocks.
        if (keys % api.BlockSize(typeK) != 0 || values % api.BlockSize(typeV) != 0) return 0;
        return cells * api.ModelLayers(model.Handle) * (long)(api.RowSize(typeK, keys) + api.RowSize(typeV, values));
    }
}
