namespace EdgeBench.Engine.Training.Graphs;

/// <summary>Rows of logits from <paramref name="firstRow"/> on, <paramref name="stride"/> floats apart; valid during the call.</summary>
public unsafe delegate void LogitSink(int firstRow, int rows, float* logits, int stride);
