using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.FineTuning;

/// <summary>The tensors of a model after fine-tuning: those that were trained as float16 (vectors float32), all others as they were, byte for byte.</summary>
internal static class TunedTensors
{
    private const string LoraA = ".lora_A.weight", LoraB = ".lora_B.weight", Weight = ".weight";

    public static IEnumerable<GgufTensorSource> Of(FineTune tune, GgufFile input, TrainableDecoder model, PeftParameters parameters)
    {
        Dictionary<string, GgufTensorSource> trained = [];
        foreach (Parameter parameter in model.Parameters)
        {
            Func<float[]>? values = ValuesOf(model, parameter, parameters);
            if (values is null) continue;
            GgufTensorSource source = tune.Tensors.Source(parameter.Name, parameter.Shape, values, GgmlType.F16);
            trained[source.Name] = source;
        }
        foreach (GgufTensor tensor in input.Tensors)
            yield return trained.Remove(tensor.Name, out GgufTensorSource? source) ? source : new(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(input.Data(tensor)));
        // Biases that the model had none of.
        foreach (GgufTensorSource added in trained.Values) yield return added;
    }

    // Null for a tensor that stays, or lies apart.
    private static Func<float[]>? ValuesOf(TrainableDecoder model, Parameter parameter, PeftParameters parameters)
    {
        if (parameters.IsApart) return null;
        if (parameters.Method != PeftMethod.Lora) return parameter.Trainable ? parameter.ToArray : null;
        if (!parameter.Name.EndsWith(Weight, StringComparison.Ordinal)) return null;
        string stem = parameter.Name[..^Weight.Length];
        Parameter? a = model.Parameters.FirstOrDefault(one => one.Name == stem + LoraA), b = model.Parameters.FirstOrDefault(one => one.Name == stem + LoraB);
        return a is null || b is null ? null : () => Merged(parameter, a, b, parameters.Alpha / parameters.Rank);
    }

    // W + scale · B A.
    private static float[] Merged(Parameter weight, Parameter a, Parameter b, double scale)
    {
        float[] values = weight.ToArray();
        int columns = weight.Shape[1], rank = a.Shape[0];
        for (int row = 0; row < weight.Shape[0]; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double sum = 0;
                for (int inner = 0; inner < rank; inner++) sum += (double)b.Values[(row * rank) + inner] * a.Values[(inner * columns) + column];
                values[(row * columns) + column] += (float)(scale * sum);
            }
        }
        return values;
    }
}
