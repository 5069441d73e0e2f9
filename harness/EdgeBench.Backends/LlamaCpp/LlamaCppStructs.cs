using System.Runtime.InteropServices;

namespace EdgeBench.Backends.LlamaCpp;

// Layouts of include/llama.h and ggml/include/ggml.h at llama.cpp v0.5.0. Field order is the header's; C enums are int, C bool is one byte.
// They are only ever passed to a library whose version LlamaCppLibrary has checked.

/// <summary><c>struct llama_model_params</c>: 72 bytes where pointers have 8.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaModelParams
{
    public nint Devices;
    public nint TensorBufferOverrides;
    public int GpuLayers;
    public int SplitMode;

    /// <summary><c>enum llama_load_mode</c>: 0 reads, 1 maps.</summary>
    public int LoadMode;
    public int LazyMode;
    public int MainGpu;
    public nint TensorSplit;
    public nint ProgressCallback;
    public nint ProgressCallbackData;
    public nint KvOverrides;
    public byte VocabOnly;
    public byte CheckTensors;
    public byte UseExtraBuffers;
    public byte NoHost;
    public byte NoAllocation;
    public byte LoadMtp;
}

/// <summary><c>struct llama_context_params</c>: 168 bytes where pointers have 8.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaContextParams
{
    public uint Context;
    public uint Batch;
    public uint Ubatch;
    public uint SequencesMax;
    public uint RecurrentSnapshots;
    public uint OutputsMax;
    public uint OutputsMaxPerSequence;
    public int Threads;
    public int ThreadsBatch;
    public int ContextType;
    public int RopeScalingType;
    public int PoolingType;
    public int AttentionType;
    public int FlashAttention;
    public float RopeBase;
    public float RopeScale;
    public float YarnExtrapolation;
    public float YarnAttention;
    public float YarnBetaFast;
    public float YarnBetaSlow;
    public uint YarnOriginalContext;
    public float DefragThreshold;
    public nint EvalCallback;
    public nint EvalCallbackData;

    /// <summary><c>enum ggml_type</c> of keys, then of values.</summary>
    public int TypeK;
    public int TypeV;
    public nint AbortCallback;
    public nint AbortCallbackData;
    public byte Embeddings;
    public byte OffloadKqv;
    public byte NoPerf;
    public byte OpOffload;
    public byte FullSlidingWindow;
    public byte UnifiedKv;
    public nint Samplers;
    public nuint SamplerCount;
    public nint OtherContext;
}

/// <summary><c>struct llama_batch</c>. Null positions and sequences let the library count on in sequence 0; null logits mean "last token only".</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LlamaBatch
{
    public int Count;
    public int* Tokens;
    public float* Embeddings;
    public int* Positions;
    public int* SequenceCounts;
    public int** SequenceIds;
    public sbyte* Logits;
}

/// <summary><c>struct ggml_threadpool_params</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GgmlThreadpoolParams
{
    /// <summary>GGML_MAX_N_THREADS bytes; all zero keeps the default affinity.</summary>
    public fixed byte CpuMask[512];
    public int Threads;
    public int Priority;

    /// <summary>0 sleeps at once, 100 spins hard; the default is 50.</summary>
    public uint Poll;
    public byte StrictCpu;
    public byte Paused;
}
