using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Adapters;

namespace EdgeBench.Compression.FineTuning;

/// <summary>What was trained beside a model, as an adapter.</summary>
internal static class TunedAdapter
{
    /// <param name="baseModel">Name of the model that it belongs to.</param>
    public static Adapter Of(TrainableDecoder model, PeftParameters parameters, string baseModel)
    {
        bool lora = parameters.Method == PeftMethod.Lora;
        return new()
        {
            Kind = parameters.Method switch { PeftMethod.Lora => AdapterKind.Lora, PeftMethod.Adapters => AdapterKind.Bottleneck, PeftMethod.Prompt => AdapterKind.Prompt, _ => AdapterKind.Prefix },
            BaseModel = baseModel,
            Rank = lora ? parameters.Rank : 0,
            Alpha = lora ? parameters.Alpha : 0,
            Dropout = lora ? parameters.Dropout : 0,
            Targets = lora ? parameters.LoraTargets : [],
            Tensors = [.. model.Parameters.Where(parameter => parameter.Trainable).Select(parameter => new AdapterTensor(parameter.Name, parameter.Shape, parameter.ToArray()))],
        };
    }
}
