using System.CommandLine;
using EdgeBench.Benchmarks.Agreement;
using EdgeBench.Benchmarks.Compression;
using EdgeBench.Benchmarks.Dense;
using EdgeBench.Benchmarks.Devices;
using EdgeBench.Benchmarks.Engine;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Benchmarks.Onnx;
using EdgeBench.Benchmarks.Quantise;
using EdgeBench.Benchmarks.Tokenizers;
using EdgeBench.Benchmarks.Training;

RootCommand root = new("Benchmarks of EdgeBench itself: what it measures against an independent measurement, and what its own work costs.")
{
    AgreementCommand.Create(),
    EngineCommand.Create(),
    GemmCommand.Create(),
    PrefillCommand.Create(),
    FleetCommand.Create(),
    ObserverCommand.Create(),
    OnnxCommand.Create(),
    OverheadCommand.Create(),
    PlanningCommand.Create(),
    ReportingCommand.Create(),
    CompressionCommand.Create(),
    QuantiseCommand.Create(),
    TokenizersCommand.Create(),
    TrainingCommand.Create(),
    TransferCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
