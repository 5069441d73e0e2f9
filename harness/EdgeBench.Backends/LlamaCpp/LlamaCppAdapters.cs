using System.Runtime.InteropServices;
using EdgeBench.Backends.Adapters;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>The LoRA adapters of a session: loaded beside the model before its context is made, as the library wants it, and freed with the model.</summary>
internal sealed unsafe class LlamaCppAdapters
{
    private readonly LlamaCppApi _api;
    private readonly nint[] _handles;
    private readonly float[] _scales;

    private LlamaCppAdapters(LlamaCppApi api, nint[] handles, float[] scales) => (_api, _handles, _scales) = (api, handles, scales);

    /// <summary>Throws <see cref="TrialException"/> with the library's words.</summary>
    public static LlamaCppAdapters Load(LlamaCppApi api, LlamaCppModel model, IReadOnlyList<LoraAdapter> adapters) =>
        new(api, [.. adapters.Select(adapter => Load(api, model, adapter.File.Path))], [.. adapters.Select(adapter => adapter.Scale)]);

    /// <summary>Adds them to what a context computes.</summary>
    public void Apply(LlamaCppContext context)
    {
        if (_handles.Length == 0) return;
        fixed (nint* handles = _handles)
        fixed (float* scales = _scales)
        {
            if (_api.AdaptersSet(context.Handle, handles, (nuint)_handles.Length, scales) != 0)
                throw new TrialException(FailureKind.Unsupported, $"llama.cpp does not apply the adapters: {LlamaCppLog.LastProblems()}");
        }
    }

    private static nint Load(LlamaCppApi api, LlamaCppModel model, string path)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            nint handle = api.AdapterLoad(model.Handle, (byte*)text);
            return handle != 0 ? handle : throw LlamaCppFailures.Adapter(path, LlamaCppLog.LastProblems());
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}
