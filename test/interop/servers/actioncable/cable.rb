# frozen_string_literal: true

# Action Cable without Rails: a room that echoes and broadcasts.

require 'action_cable'
require 'logger'

# It pings six times as often as it does in Rails, so that a client may miss its pings as much sooner.
ActionCable::Server::Connections.send(:remove_const, :BEAT_INTERVAL)
ActionCable::Server::Connections::BEAT_INTERVAL = 0.5

ActionCable.server.config.tap do |config|
  config.cable = { 'adapter' => 'async' }
  config.logger = Logger.new(nil)
  config.disable_request_forgery_protection = true
end

class RoomChannel < ActionCable::Channel::Base
  def subscribed
    params['room'] == 'closed' ? reject : stream_from(room)
  end

  def echo(data)
    transmit({ 'echo' => data['text'] })
  end

  def speak(data)
    ActionCable.server.broadcast(room, { 'said' => data['text'] })
  end

  private

  def room
    "room:#{params['room']}"
  end
end
