using System.Runtime.CompilerServices;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>A context (cache, compute buffers) with its own pool of waiting threads, as llama-bench gives each test.</summary>
internal sealed unsafe class LlamaCppContext : IDisposable
{
    private readonly LlamaCppApi _api;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _freePool;
    private nint _pool;

    private LlamaCppContext(LlamaCppApi api, nint handle, nint pool, delegate* unmanaged[Cdecl]<nint, void> freePool)
    {
        _api = api;
        Handle = handle;
        _pool = pool;
        _freePool = freePool;
        Memory = api.ContextMemory(handle);
    }

    /// <summary><c>llama_context *</c>.</summary>
    public nint Handle { get; private set; }

    /// <summary><c>llama_memory_t</c>.</summary>
    public nint Memory { get; }

    /// <summary>Creates it. Throws <see cref="TrialException"/>.</summary>
    public static LlamaCppContext Create(LlamaCppLibrary library, LlamaCppModel model, LlamaCppOptions options, LlamaCppKvTypes kv, SessionNeeds needs)
    {
        LlamaCppApi api = library.Api;
        int threadsBatch = options.ThreadsBatch > 0 ? options.ThreadsBatch : needs.Threads;
        LlamaContextParams parameters = api.ContextDefaults();
        CheckLayout(parameters, library.Folder);
        parameters.Context = (uint)Math.Max(options.Context, needs.Context);
        parameters.Batch = (uint)options.Batch;
        parameters.Ubatch = (uint)options.Ubatch;
        parameters.Threads = needs.Threads;
        parameters.ThreadsBatch = threadsBatch;
        parameters.FlashAttention = (int)options.FlashAttention;
        parameters.TypeK = (int)kv.Keys;
        parameters.TypeV = (int)kv.Values;
        parameters.FullSlidingWindow = 0;

        nint handle = api.ContextNew(model.Handle, parameters);
        if (handle == 0) throw LlamaCppFailures.Context(LlamaCppLog.LastProblems());
        try
        {
            GgmlThreadpoolParams pool;
            api.ThreadpoolParamsInit(&pool, Math.Max(needs.Threads, threadsBatch));
            nint newPool = library.CpuProcedure("ggml_threadpool_new"), freePool = library.CpuProcedure("ggml_threadpool_free");
            nint threads = ((delegate* unmanaged[Cdecl]<GgmlThreadpoolParams*, nint>)newPool)(&pool);
            if (threads == 0) throw new TrialException(FailureKind.OutOfMemory, $"llama.cpp cannot start {pool.Threads} threads");
            api.AttachThreadpool(handle, threads, 0);
            return new(api, handle, threads, (delegate* unmanaged[Cdecl]<nint, void>)freePool);
        }
        catch
        {
            api.ContextFree(handle);
            throw;
        }
    }

    public void Dispose()
    {
        if (Handle != 0) _api.ContextFree(Handle);
        if (_pool != 0) _freePool(_pool);
        (Handle, _pool) = (0, 0);
    }

    // The defaults of the understood version, found at their places: a build with another layout under the same version stops here.
    private static void CheckLayout(in LlamaContextParams defaults, string folder)
    {
        bool same = defaults is { Batch: 2048, Ubatch: 512, SequencesMax: 1, FlashAttention: -1, TypeK: 1, TypeV: 1, NoPerf: 1, OffloadKqv: 1, YarnExtrapolation: -1f };
        if (same) return;
        throw new TrialException(FailureKind.BackendMissing,
            $"llama.cpp in '{folder}' has other default context parameters than version {LlamaCppLibrary.UnderstoodLlama} ({Unsafe.SizeOf<LlamaContextParams>()} bytes)",
            LlamaCppPackages.Remedy);
    }
}
