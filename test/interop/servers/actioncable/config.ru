# frozen_string_literal: true

require_relative 'cable'

map('/cable') { run ActionCable.server }

# For each open connection, the identifiers of what it has subscribed to.
map('/connections') do
  run(lambda do |_env|
    open = ActionCable.server.connections.map { |connection| connection.subscriptions.identifiers }
    [200, { 'Content-Type' => 'application/json' }, [JSON.generate(open)]]
  end)
end
