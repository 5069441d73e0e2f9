using EdgeBench.Agent;

return AgentHost.Run(args, new Programs(_ => null, _ => null));
